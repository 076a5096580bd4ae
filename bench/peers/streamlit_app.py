"""The page in Streamlit: `streamlit run streamlit_app.py`."""

import figures
import pandas as pd
import streamlit as st

st.set_page_config(page_title="Tickets", layout="wide")


@st.cache_resource
def tickets() -> pd.DataFrame:
    """Read once for all sessions; nobody changes it, so nobody needs a copy."""
    return figures.read()


category = st.selectbox("Category", figures.choices(tickets()))
shown = figures.chosen(tickets(), category)
for column, (label, value) in zip(st.columns(6), figures.tiles(shown), strict=True):
    column.metric(label, value)
for number, figure in enumerate(figures.charts(shown)):
    st.plotly_chart(figure, key=f"chart{number}")
