"""Where the rows of the workbook's sheets have pages of their own in the desk."""

from collections.abc import Mapping
from typing import Final

from local_sheets import RowLink

TICKET: Final = "/desk/tickets?id={}"
RISK: Final = "/desk/risks?risk={}"
KPI: Final = "/desk/kpis?kpi={}"

ROW_PAGES: Final[Mapping[str, RowLink]] = {
    "tickets": RowLink("id", TICKET),
    "ticket_events": RowLink("ticket", TICKET),
    "risks": RowLink("id", RISK),
    "risk_assessments": RowLink("risk", RISK),
    "treatments": RowLink("risk", RISK),
    "kpis": RowLink("id", KPI),
    "kpi_targets": RowLink("kpi", KPI),
    "kpi_actuals": RowLink("kpi", KPI),
}
"""By the sheet's title: the column that names the row's subject, and the address of its page."""
