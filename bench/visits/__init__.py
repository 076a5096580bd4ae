"""What the benches of pages share: servers, a browser that measures from inside the page, tables of figures."""
