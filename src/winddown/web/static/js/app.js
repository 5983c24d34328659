// The one script of every page. Other modules are imported, never named in a template, so that each exists once.
import * as ages from "./ages.js";
import * as alarms from "./alarms.js";
import * as dialogs from "./dialogs.js";
import * as drafts from "./drafts.js";
import * as live from "./live.js";
import * as lock from "./lock.js";
import * as queue from "./queue.js";
import * as refresh from "./refresh.js";

queue.start();
drafts.start();
dialogs.start();
ages.start();
live.start();
refresh.start();
alarms.start();
lock.start();

async function charts() {
  const section = document.querySelector("section#chart:not([data-mounted])");
  if (!section) return;
  section.dataset.mounted = "";
  const { mount } = await import("./chart.js");
  await mount(section);
}

document.addEventListener("htmx:after:swap", charts);
charts();
