import { builtin, enclosing, type Part } from "./builtin.ts"
import { resetForm, submitForm } from "./form.ts"
import { openTypes } from "./open-types.ts"

/** The event that follows each `open-type`, with what was returned as its detail. */
const events: Readonly<Record<string, string>> = {
  getPhoneNumber: "getphonenumber",
  getRealtimePhoneNumber: "getrealtimephonenumber",
  chooseAvatar: "chooseavatar",
  getUserInfo: "getuserinfo",
  agreePrivacyAuthorization: "agreeprivacyauthorization",
  openSetting: "opensetting",
  contact: "contact",
  share: "share",
  launchApp: "launchapp",
  feedback: "feedback",
}

export const button = builtin("button", {
  properties: {
    type: { type: String, value: "default" },
    size: { type: String, value: "default" },
    plain: { type: Boolean },
    disabled: { type: Boolean },
    loading: { type: Boolean },
    formType: { type: String },
    openType: { type: String },
    phoneNumberNoQuotaToast: { type: Boolean, value: true },
    hoverClass: { type: String, value: "button-hover" },
  },
  setup(part) {
    const { host, node } = part
    host.tabIndex = 0
    host.setAttribute("role", "button")
    part.watch(["type", "size", "plain", "disabled", "loading"], () => {
      host.setAttribute("type", part.get("type"))
      host.setAttribute("size", part.get("size"))
      for (const flag of ["plain", "disabled", "loading"]) host.toggleAttribute(flag, Boolean(part.get(flag)))
      if (part.get("disabled")) host.setAttribute("aria-disabled", "true")
      else host.removeAttribute("aria-disabled")
    })
    // Before anyone else hears of it.
    node.addListener(
      "tap",
      event => {
        if (part.get("disabled")) event.stopPropagation()
      },
      { capture: true },
    )
    node.addListener("tap", () => {
      if (!part.get("disabled")) pressed(part)
    })
    host.addEventListener("keydown", event => {
      if (event.key !== "Enter" && event.key !== " ") return
      event.preventDefault()
      node.triggerEvent("tap", { x: 0, y: 0 }, { bubbles: true, composed: true, capturePhase: true })
    })
  },
})

function pressed(part: Part): void {
  const formType = part.get<string>("formType")
  const form = enclosing(part, "form")
  if (form !== undefined && formType === "submit") submitForm(form)
  if (form !== undefined && formType === "reset") resetForm(form)
  const kind = part.get<string>("openType")
  if (kind === "") return
  void openTypes
    .ask(kind, { id: part.node.id, quotaNotice: part.get("phoneNumberNoQuotaToast") })
    .then(detail => {
      // "a|b" is how two are asked for at once.
      const event = events[kind.split("|").at(-1) ?? kind]
      if (detail !== undefined && event !== undefined) part.trigger(event, detail)
    })
}

export const buttonStyle = `
wx-button { display: block; position: relative; box-sizing: border-box; margin: 0 auto; padding: 0 14px; border-radius: 5px; font-size: 18px; line-height: 2.5556; text-align: center; color: #000; background: #f8f8f8; cursor: pointer; overflow: hidden; user-select: none; }
wx-button[hidden] { display: none; }
wx-button::after { content: ""; position: absolute; top: 0; left: 0; width: 200%; height: 200%; box-sizing: border-box; border: 1px solid rgba(0, 0, 0, .2); border-radius: 10px; transform: scale(.5); transform-origin: 0 0; pointer-events: none; }
wx-button[plain]::after { border: 0; }
wx-button[type=primary] { color: #fff; background: #07c160; }
wx-button[type=warn] { color: #fff; background: #e64340; }
wx-button[size=mini] { display: inline-block; padding: 0 1.32em; font-size: 13px; line-height: 2.3; }
wx-button[plain] { border: 1px solid #353535; color: #353535; background: none; }
wx-button[plain][type=primary] { border-color: #07c160; color: #07c160; }
wx-button[disabled] { opacity: .5; cursor: default; }
wx-button.button-hover:not([disabled]) { filter: brightness(.9); }
wx-button[loading]::before { content: ""; display: inline-block; width: 16px; height: 16px; margin-right: 8px; vertical-align: -2px; box-sizing: border-box; border: 2px solid; border-right-color: transparent; border-radius: 50%; animation: stage-turn 1s linear infinite; }
`
