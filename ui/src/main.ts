import { mount } from "svelte";

import "./shell/tokens.css";
import "./shell/base.css";
import "./shell/parts.css";
import "./shell/print.css";
import App from "./shell/App.svelte";

const target = document.getElementById("app");
if (target !== null) mount(App, { target });
