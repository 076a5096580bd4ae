// What lodash/isEqual answers, from underscore, which Backbone brings in any case.

import underscore from "underscore";

export default underscore.isEqual;
