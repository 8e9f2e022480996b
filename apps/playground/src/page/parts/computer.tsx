import { useState } from "preact/hooks"
import type { ScanWay, Text } from "../../protocol.ts"
import { useLanguage, useSay } from "../language.tsx"
import { type Cheat, cheats } from "../scan-ways.ts"
import { sendControl } from "../send-control.ts"
import { useShop } from "../use-shop.ts"
import { words } from "../words.ts"
import { Icon } from "./icon.tsx"

interface Props {
  /** The phone opens what was scanned. @param number what is beside the code */
  onPhone(number: string): void
}

/** A computer: a browser with a web page of the same shop, and ways to point a phone at it. */
export function Computer({ onPhone }: Props) {
  const say = useSay()
  const { language } = useLanguage()
  const { frame, view, look } = useShop()
  const [turn, setTurn] = useState(0)
  const [tried, setTried] = useState<Cheat | null>(null)
  const [refusal, setRefusal] = useState<Text | null>(null)

  async function scan(way: ScanWay, showsPhone: boolean): Promise<boolean> {
    const seen = look()
    const refused = seen === undefined ? words.noCode : await sendControl({ control: "scan", way, ...seen })
    setRefusal(refused)
    if (refused === null && showsPhone) onPhone(seen?.number ?? "")
    return refused === null
  }
  async function point(): Promise<void> {
    setTried(null)
    await scan("camera", true)
  }
  async function cheat(chosen: Cheat): Promise<void> {
    setTried((await scan(chosen.way, chosen.onPhone)) ? chosen : null)
  }

  return (
    <section class="computer panel" aria-label={say(words.computer)}>
      <div class="browser" data-view={view}>
        <div class="browser-bar">
          <span class="browser-dots" aria-hidden="true">
            <i />
            <i />
            <i />
          </span>
          <code class="browser-address">{location.host}/shop</code>
          <button
            type="button"
            class="quiet"
            aria-label={say(words.shopReload)}
            onClick={() => setTurn(turn + 1)}
          >
            <Icon name="reload" size={14} />
          </button>
        </div>
        <iframe key={turn} ref={frame} src={`./shop.html?lang=${language}`} title={say(words.shopTitle)} />
        <p class="browser-session" data-in={view === "account"} role="status">
          <span class="link-dot" />
          {say(view === "account" ? words.webSession : words.noWebSession)}
        </p>
      </div>
      <button type="button" class="primary point" disabled={view !== "login"} onClick={() => void point()}>
        <Icon name="scan" size={18} />
        {say(words.point)}
      </button>
      <p class="point-note">
        {say(view === "login" ? words.pointNote : view === "account" ? words.pointIn : words.pointFirst)}
      </p>
      <p class="refusal" role="alert">
        {refusal !== null && `${say(words.refused)}${say(refusal)}`}
      </p>
      <h2 class="panel-title">{say(words.cheats)}</h2>
      <div class="cheats">
        {cheats.map(each => (
          <button
            key={each.way}
            type="button"
            data-control={each.way}
            disabled={view !== "login"}
            title={say(each.does)}
            onClick={() => void cheat(each)}
          >
            <Icon name={each.icon} size={18} />
            {say(each.title)}
          </button>
        ))}
      </div>
      <div class="cheat-answer" role="status">
        {tried === null ? (
          <p class="point-note">{say(words.cheatsNote)}</p>
        ) : (
          <p>
            {say(tried.does)} <b>{say(words.noSession)}</b> {say(tried.answer)}
          </p>
        )}
      </div>
    </section>
  )
}
