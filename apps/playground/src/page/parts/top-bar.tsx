import type { State } from "../../protocol.ts"
import type { Link } from "../feed-state.ts"
import { useSay } from "../language.tsx"
import { words } from "../words.ts"
import { Icon } from "./icon.tsx"
import { LanguageSwitch } from "./language-switch.tsx"

const linkWords = { connecting: words.connecting, open: words.connected, lost: words.disconnected } as const

const serverWords = {
  up: words.serverUp,
  restarting: words.serverRestarting,
  down: words.serverDown,
} as const

/** What this page is, how it stands with the server, and in which language it speaks. */
export function TopBar({ link, state }: { readonly link: Link; readonly state: State | null }) {
  const say = useSay()
  return (
    <header class="top-bar">
      <div class="brand">
        <span class="brand-mark">
          <Icon name="arrow" size={18} />
        </span>
        <h1>
          Denglu <span class="brand-sub">{say(words.playground)}</span>
        </h1>
        <p class="tagline">{say(words.tagline)}</p>
      </div>
      <div class="top-end">
        {state !== null && link !== "lost" && (
          <p class="address" data-server={state.server}>
            <span>{say(serverWords[state.server])}</span>
            {state.server === "up" && <code>{state.addresses.login.replace(/^https?:\/\//, "")}</code>}
          </p>
        )}
        <p class="link" data-link={link} role="status">
          <span class="link-dot" />
          {say(linkWords[link])}
        </p>
        <LanguageSwitch />
      </div>
    </header>
  )
}
