// Every control of ipywidgets.

export * from "@jupyter-widgets/controls";
