import type { TokenView } from "../../protocol.ts"
import { useSay } from "../language.tsx"
import { useTimeLeft } from "../time-left.ts"
import { words } from "../words.ts"
import { Ring } from "./ring.tsx"

/** How long a token still lives, small enough for a message's row. */
export function SmallCountdown({ token }: { readonly token: TokenView }) {
  const say = useSay()
  const { share, clock, seconds } = useTimeLeft(token)
  return (
    <span class="small-countdown" data-over={seconds === 0}>
      <Ring share={share} size={14} width={2.5} />
      {seconds === 0 ? say(words.tokenOver) : clock}
    </span>
  )
}
