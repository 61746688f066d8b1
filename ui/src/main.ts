import { mount } from "svelte";

import "./app/tokens.css";
import "./app/base.css";
import "./app/parts.css";
import "./app/print.css";
import App from "./app/App.svelte";

const target = document.getElementById("app");
if (target !== null) mount(App, { target });
