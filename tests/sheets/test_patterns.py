"""Number formats: the examples of Google's own guide to them, and what follows from its words."""

from datetime import datetime

import pytest

from local_sheets.values.locales import Locale, locale
from local_sheets.values.patterns import shown
from local_sheets.values.serial import serial

MOMENT = serial(datetime(2016, 4, 5, 16, 8, 53, 528_000))
DURATION = (3 * 3600 + 13 * 60 + 41.255) / 86400


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("h:mm:ss.00 a/p", "4:08:53.53 p"),
        ('hh:mm A/P".M."', "04:08 P.M."),
        ("yyyy-mm-dd", "2016-04-05"),
        (r"mmmm d \[dddd\]", "April 5 [Tuesday]"),
        ("h PM, ddd mmm dd", "4 PM, Tue Apr 05"),
        ("dddd, m/d/yy at h:mm", "Tuesday, 4/5/16 at 16:08"),
        ("mmmmm", "A"),
        ("h:mm am/pm", "4:08 PM"),
    ],
)
def test_moments_are_written_as_in_googles_guide(pattern: str, text: str) -> None:
    """Tuesday, 5 April 2016, 4:08:53.528 PM."""
    assert shown(MOMENT, pattern, Locale()) == text


@pytest.mark.parametrize(
    ("pattern", "text"),
    [("[hh]:[mm]:[ss].000", "03:13:41.255"), ("[mmmm]:[ss].000", "0193:41.255"), ("[h]:mm:ss", "3:13:41")],
)
def test_durations_are_written_as_in_googles_guide(pattern: str, text: str) -> None:
    """3 hours, 13 minutes, 41.255 seconds."""
    assert shown(DURATION, pattern, Locale()) == text


@pytest.mark.parametrize(
    ("number", "pattern", "text"),
    [
        (12345.125, "####.#", "12345.1"),
        (12.34, "000.0000", "012.3400"),
        (12, "#.0#", "12.0"),
        (5.125, "# ???/???", "5   1/8  "),
        (12000, "#,###", "12,000"),
        (1230000, '0.0,,"M"', "1.2M"),
        (1234500000, "0.00e+00", "1.23e+09"),
        (3.75, "# ?/?", "3 3/4"),
        (0.25, "?/?", "1/4"),
        (2.5, "# ?/8", "2 4/8"),
        (0.00012345, "0.00E+00", "1.23E-04"),
        (9.999, "0.00E+0", "1.00E+1"),
        (150, '[<100]"low";[>200]"high";0', "150"),
        (50, '[<100]"low";[>200]"high";0', "low"),
        (250, '[<100]"low";[>200]"high";0', "high"),
        (-5, "0;(0)", "(5)"),
        (0, '0;-0;"zero"', "zero"),
        (5, "[Red]0", "5"),
        (1234.5, "_($* #,##0.00_)", " $1,234.50 "),
    ],
)
def test_numbers_are_written_as_in_googles_guide(number: float, pattern: str, text: str) -> None:
    """Its seven examples first; then sections, conditions, colours, fractions, powers of ten."""
    assert shown(number, pattern, Locale()) == text


def test_a_locale_has_marks_of_its_own() -> None:
    """A German number by the same pattern."""
    assert shown(1234567.891, "#,##0.00", locale("de_DE")) == "1.234.567,89"
