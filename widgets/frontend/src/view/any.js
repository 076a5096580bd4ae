// Anybody's anywidgets, by the package's own front end.

import * as base from "@jupyter-widgets/base";
import define from "anywidget";

export const { AnyModel, AnyView } = define(base);
