import type { TokenView } from "../../protocol.ts"
import { claims } from "../claims.ts"
import { useLanguage, useSay } from "../language.tsx"
import { useTimeLeft } from "../time-left.ts"
import { words } from "../words.ts"
import { Ring } from "./ring.tsx"

const moments = new Set(["iat", "exp", "nbf"])

/** A decoded access token, with a clock that runs down. */
export function TokenCard({ token }: { readonly token: TokenView }) {
  const say = useSay()
  const { seconds, share, clock } = useTimeLeft(token)
  return (
    <section class="block token" data-over={seconds === 0}>
      <h3>{say(words.token)}</h3>
      <div class="token-card">
        <div class="token-clock" role="timer">
          <Ring share={share} size={88} width={6} />
          <span class="token-time">
            <b>{seconds === 0 ? "0:00" : clock}</b>
            <small>{say(seconds === 0 ? words.tokenOver : words.tokenLeft)}</small>
          </span>
        </div>
        <div class="token-parts">
          <Claims part={token.payload} />
          <Claims part={token.header} />
          <p class="explain">{say(words.tokenNote)}</p>
        </div>
      </div>
    </section>
  )
}

function Claims({ part }: { readonly part: Readonly<Record<string, unknown>> }) {
  const say = useSay()
  const { language } = useLanguage()
  function shown(name: string, value: unknown): string {
    if (moments.has(name) && typeof value === "number")
      return new Date(value * 1_000).toLocaleTimeString(language === "zh" ? "zh-CN" : "en-GB")
    return typeof value === "string" ? value : JSON.stringify(value)
  }
  return (
    <dl class="claims">
      {Object.entries(part).map(([name, value]) => {
        const claim = claims[name]
        return (
          <div key={name} class="claim">
            <dt>
              <code>{name}</code>
            </dt>
            <dd>
              <code class="value">{shown(name, value)}</code>
              {claim !== undefined && <span class="explain">{say(claim)}</span>}
            </dd>
          </div>
        )
      })}
    </dl>
  )
}
