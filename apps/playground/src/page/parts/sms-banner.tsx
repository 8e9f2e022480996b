import { useEffect, useState } from "preact/hooks"
import type { ReceivedSms } from "../../protocol.ts"
import { useLanguage, useSay } from "../language.tsx"
import { words } from "../words.ts"
import { Icon } from "./icon.tsx"

/** Milliseconds: as long as somebody may need to read and type the digits. */
const shownFor = 60_000

/** An SMS that has just come to the phone: over whatever is on its screen, as phones show it. */
export function SmsBanner({
  sms,
  place,
}: {
  readonly sms: ReceivedSms | null
  readonly place: "phone" | "page"
}) {
  const say = useSay()
  const { language } = useLanguage()
  const [gone, setGone] = useState(0)
  useEffect(() => {
    if (sms === null) return
    const timer = setTimeout(() => setGone(sms.id), shownFor)
    return () => clearTimeout(timer)
  }, [sms])
  return (
    <div class="sms-place" data-place={place} role="status">
      {sms !== null && sms.id !== gone && (
        <div class="sms" key={sms.id}>
          <span class="sms-icon">
            <Icon name="sms" size={20} />
          </span>
          <p>
            <small>
              {say(words.sms)} · {sms.to}
            </small>
            {language === "zh" ? "【示例商城】验证码 " : "[Demo shop] Your code is "}
            <b class="sms-code">{sms.code}</b>
            {language === "zh"
              ? `，${sms.minutes} 分钟内有效，请勿告诉他人。`
              : `, good for ${sms.minutes} minutes. Tell it to nobody.`}
          </p>
          <button
            type="button"
            class="quiet"
            aria-label={say(words.smsClose)}
            onClick={() => setGone(sms.id)}
          >
            <Icon name="cross" size={14} />
          </button>
        </div>
      )}
    </div>
  )
}
