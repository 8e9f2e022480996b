import { element, field } from "./element.ts"
import { createSaid, submitOnce, type WayContext, type WayView } from "./way.ts"

export function passwordWay(context: WayContext): WayView {
  const { login, texts, onLogin } = context
  const said = createSaid()
  const look = element("button", { type: "button", class: "beside", "aria-pressed": "false" }, texts.show)
  const account = field(texts.account, {
    name: "username",
    autocomplete: "username",
    maxlength: "128",
    required: "",
    autocapitalize: "off",
    spellcheck: "false",
  })
  const password = field(
    texts.password,
    { type: "password", name: "password", autocomplete: "current-password", maxlength: "128", required: "" },
    look,
  )
  const button = element("button", { class: "main", part: "button" }, texts.logIn)
  const form = element("form", {}, account.row, password.row, button)
  look.addEventListener("click", () => {
    const shown = password.input.type === "text"
    password.input.type = shown ? "password" : "text"
    look.textContent = shown ? texts.show : texts.hide
    look.setAttribute("aria-pressed", String(!shown))
  })
  form.addEventListener("submit", event => {
    event.preventDefault()
    void submitOnce(button, said, context, async () => {
      password.input.setAttribute("aria-invalid", "false")
      try {
        const user = await login.password(account.input.value.trim(), password.input.value)
        password.input.value = ""
        said.say("")
        onLogin(user)
      } catch (error) {
        password.input.setAttribute("aria-invalid", "true")
        password.input.select()
        throw error
      }
    })
  })
  return { content: [form, said.line], start: () => {}, stop: () => said.say("") }
}
