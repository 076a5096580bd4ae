r"""Views: pages that are run once, shown to many, and forked into a kernel for whoever touches one.

    server                    nursery                 a view's process              a kernel
    Views ---- a socket ----> imports, forks -------> runs the page, follows -----> fork of the page,
       \_______________________________________ wire _/  the workbook              served by Voila

The first three have no kernel, no loop of their own and no second thread, so that forking is sound
(speed.md). Only Linux forks like that; elsewhere, and for a page that cannot be shown so, a page is served by
Voila with a kernel of its own.
"""
