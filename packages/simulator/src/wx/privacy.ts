import { WxRefusal } from "./answer-work.ts"
import { guarded, type ReportThrown } from "./callbacks.ts"
import type { WxHost } from "./host.ts"

/** What a page's `onNeedPrivacyAuthorization` tells its `resolve`. */
export interface PrivacyAnswer {
  /** `exposureAuthorization` only says that the page's question is shown. */
  readonly event: "agree" | "disagree" | "exposureAuthorization"
  /** Of the `agreePrivacyAuthorization` button that was tapped. */
  readonly buttonId?: string
}

export type PrivacyListener = (
  resolve: (answer: PrivacyAnswer) => void,
  info: { readonly referrer: string },
) => void

/** Whether the person has agreed to the privacy contract, and how they are asked. */
export interface Privacy {
  readonly contractName: string
  readonly needed: () => boolean
  /** Waits until the person agrees to what `referrer` needs; throws a `WxRefusal` if they do not. */
  readonly require: (referrer: string) => Promise<void>
  /** The page asks by itself: the last listener counts. */
  readonly listen: (listener: PrivacyListener) => void
  /** The person taps `<button open-type="agreePrivacyAuthorization">`, which is agreeing. */
  readonly tap: (buttonId: string) => void
}

interface Parts {
  readonly needed: boolean
  /** Whether `agree` counts only with the id of a button that was tapped. */
  readonly checksButton: boolean
  readonly host: Required<WxHost>
  readonly report: ReportThrown
}

const contractName = "《小程序隐私保护指引》"

export function createPrivacy({ needed: atFirst, checksButton, host, report }: Parts): Privacy {
  const tapped = new Set<string>()
  let needed = atFirst
  let listener: PrivacyListener | undefined

  const isAgreed = ({ event, buttonId = "" }: PrivacyAnswer) =>
    event === "agree" && (!checksButton || tapped.has(buttonId))

  /** By the page where it listens, else by WeChat. */
  async function ask(referrer: string): Promise<boolean> {
    if (listener === undefined) return host.privacy({ referrer, contractName })
    const heard = listener
    return new Promise(settle => {
      const resolve = (answer: PrivacyAnswer) => {
        if (answer.event !== "exposureAuthorization") settle(isAgreed(answer))
      }
      guarded(() => heard(resolve, { referrer }), undefined, report)
    })
  }

  return {
    contractName,
    needed: () => needed,
    async require(referrer) {
      if (!needed) return
      if (!(await ask(referrer))) throw new WxRefusal("privacy permission is not authorized", 104)
      needed = false
    },
    listen(next) {
      listener = next
    },
    tap(buttonId) {
      tapped.add(buttonId)
      needed = false
    },
  }
}
