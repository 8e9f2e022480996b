import { openStore } from "../store/open-store.ts"
import type { PlatformTicket } from "../store/platform-store.ts"
import { isOnlyInMemory } from "./doctor-store.ts"
import type { Finding } from "./finding.ts"

/** WeChat pushes a ticket every ten minutes: after an hour (ms) something is in its way. */
const overdueAfter = 3_600_000
/** How long (ms) a ticket is good. */
const ticketLife = 43_200_000

/** Whether each third-party platform gets its tickets, and for how many mini programs it acts. The store was found to be well before. */
export async function checkPlatforms(
  url: string,
  platforms: readonly string[],
  now: number,
): Promise<readonly Finding[]> {
  if (platforms.length === 0 || isOnlyInMemory(url)) return []
  const store = await openStore(url, { role: "guest" })
  try {
    return await Promise.all(
      platforms.map(async appid => {
        const authorizers = await store.listAuthorizers(appid)
        const live = authorizers.filter(({ revokedAt }) => revokedAt === null).length
        return judge(appid, await store.findPlatformTicket(appid), live, now)
      }),
    )
  } finally {
    await store.close()
  }
}

function judge(appid: string, ticket: PlatformTicket | undefined, live: number, now: number): Finding {
  const check = `platform ${appid}`
  const path = `/wechat/platform/${appid}`
  const remedy = {
    en: `Check at open.weixin.qq.com → 第三方平台 → 开发资料 that 授权事件接收URL is https://<this server>${path} and that token and key are those of \`push\`; then start it: npx denglu platforms start-push ${appid}`,
    zh: `请在 open.weixin.qq.com → 第三方平台 → 开发资料 确认授权事件接收URL 为 https://<本服务器>${path}，且 Token 和 Key 与 push 一致，然后启动推送：npx denglu platforms start-push ${appid}`,
  }
  if (ticket === undefined)
    return {
      check,
      ok: false,
      says: {
        en: `No component_verify_ticket has ever come, so nobody logs in through it. ${remedy.en}`,
        zh: `从未收到 component_verify_ticket，无法通过该平台登录。${remedy.zh}`,
      },
    }
  const age = now - ticket.issuedAt
  if (age < overdueAfter)
    return {
      check,
      ok: true,
      says: {
        en: `The ticket is ${minutes(age)} min old; ${live} ${live === 1 ? "mini program authorises" : "mini programs authorise"} it.`,
        zh: `票据在 ${minutes(age)} 分钟前生成；已授权的小程序有 ${live} 个。`,
      },
    }
  const isOver = age >= ticketLife
  return {
    check,
    ok: false,
    says: {
      en: `The last component_verify_ticket is ${hours(age)} h old, though WeChat pushes one every ten minutes; ${isOver ? "it is over, so nobody logs in through it" : "after twelve hours nobody logs in through it"}. ${remedy.en}`,
      zh: `最近的 component_verify_ticket 已有 ${hours(age)} 小时，而微信每十分钟推送一次；${isOver ? "票据已过期，无法通过该平台登录" : "满十二小时后将无法通过该平台登录"}。${remedy.zh}`,
    },
  }
}

const minutes = (ms: number) => Math.max(0, Math.floor(ms / 60_000))
const hours = (ms: number) => Math.floor(ms / 3_600_000)
