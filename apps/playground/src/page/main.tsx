import { render } from "preact"
import { App } from "./app.tsx"
import { LanguageProvider } from "./language.tsx"
import "./styles/tokens.css"
import "./styles/base.css"
import "./styles/phone.css"
import "./styles/computer.css"
import "./styles/sms.css"
import "./styles/stepper.css"
import "./styles/sequence.css"
import "./styles/message.css"
import "./styles/arrow.css"
import "./styles/empty.css"
import "./styles/details.css"
import "./styles/rows.css"
import "./styles/faults.css"
import "./styles/people.css"
import "./styles/layout.css"
import "./styles/sections.css"

const root = document.getElementById("page")
if (root !== null)
  render(
    <LanguageProvider>
      <App />
    </LanguageProvider>,
    root,
  )
