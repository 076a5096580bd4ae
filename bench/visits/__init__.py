"""What the benches of pages share: servers, a browser that measures inside the page, tables of figures."""
