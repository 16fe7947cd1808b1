// A decision for who may only read it.
import DmnViewer from "dmn-js/lib/NavigatedViewer";

import { openTable, placesOf } from "./table.js";

document.addEventListener("DOMContentLoaded", async () => {
  const sheet = document.querySelector(".sheet");
  if (sheet) {
    await openTable(DmnViewer, placesOf(sheet, document.getElementById("sheet")));
    sheet.dataset.ready = "yes";
  }
});
