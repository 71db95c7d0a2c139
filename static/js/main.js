/* The page works without any of this; each module makes one thing smoother. No build, no framework. */
import { start as carousel } from "./carousel.js";
import { start as cascade } from "./cascade.js";
import { start as countdown } from "./countdown.js";
import { start as departments } from "./departments.js";
import { start as forms } from "./forms.js";
import { start as gallery } from "./gallery.js";
import { start as leaving } from "./leaving.js";
import { start as more } from "./more.js";
import { start as near } from "./near.js";
import { start as poll } from "./poll.js";
import { start as popup } from "./popup.js";
import { start as seen } from "./seen.js";
import { start as share } from "./share.js";
import { start as sku } from "./sku.js";
import { start as smsCode } from "./sms-code.js";
import { start as spin } from "./spin.js";
import { start as stepper } from "./stepper.js";
import { start as suggest } from "./suggest.js";
import { start as zoom } from "./zoom.js";

document.documentElement.classList.add("js");
for (const start of [popup, forms, stepper, sku, countdown, cascade, leaving, more, near, smsCode, gallery, carousel, departments, poll, seen, share, suggest, spin, zoom]) start();
