"""The desk's server: Voila's pages, Local Sheets and the front end's files on one port."""
