import type { PlatformOptions } from "../platform-options.ts"
import { createCaller } from "../wechat/call.ts"
import { apiStartPushTicket } from "../wechat/endpoints/api-start-push-ticket.ts"
import { errcodeEntry } from "../wechat/errcodes.ts"
import { WeChatError } from "../wechat/wechat-error.ts"
import { checkServerSettings } from "./check-settings.ts"
import { CliError, usageExit } from "./cli-error.ts"
import type { Invocation } from "./command.ts"
import { readSettings } from "./settings.ts"
import { renderTable } from "./table.ts"
import { withToolStore } from "./tool-store.ts"

/** `denglu platforms list` */
export async function listPlatforms(invocation: Invocation): Promise<number> {
  const { terminal, flags } = invocation
  const { platforms } = await readPlatforms(invocation)
  return withToolStore(invocation, async ({ store }) => {
    const rows = await Promise.all(
      platforms.map(async ({ appid }) => ({
        appid,
        ticket_issued_at: isoTime((await store.findPlatformTicket(appid))?.issuedAt),
        authorizers: (await store.listAuthorizers(appid)).map(authorizer => ({
          appid: authorizer.appid,
          open_platform: authorizer.openPlatform,
          authorized_at: isoTime(authorizer.authorizedAt),
          revoked_at: isoTime(authorizer.revokedAt ?? undefined),
        })),
      })),
    )
    if (flags.has("json")) {
      terminal.out(JSON.stringify(rows))
      return 0
    }
    for (const { appid, ticket_issued_at: ticket, authorizers } of rows) {
      terminal.out(
        terminal.say({
          en: `${appid}: ${ticket === null ? "no ticket yet" : `ticket of ${ticket}`}; ${authorizers.length} mini programs`,
          zh: `${appid}：${ticket === null ? "尚无票据" : `票据生成于 ${ticket}`}；小程序 ${authorizers.length} 个`,
        }),
      )
      if (authorizers.length === 0) continue
      terminal.out(
        renderTable(
          [
            "appid",
            terminal.say({ en: "open platform", zh: "开放平台" }),
            terminal.say({ en: "authorised", zh: "授权时间" }),
            terminal.say({ en: "withdrawn", zh: "取消时间" }),
          ],
          authorizers.map(row => [
            row.appid,
            row.open_platform,
            row.authorized_at ?? "",
            row.revoked_at ?? "",
          ]),
        ),
      )
    }
    return 0
  })
}

/** `denglu platforms start-push` */
export async function startTicketPush(invocation: Invocation): Promise<number> {
  const { terminal, argument } = invocation
  const { platforms, wechat } = await readPlatforms(invocation)
  const [only, another] = platforms
  const platform =
    argument === undefined
      ? another === undefined
        ? only
        : undefined
      : platforms.find(({ appid }) => appid === argument)
  if (platform === undefined)
    throw new CliError(
      {
        en: `Say which platform: ${platforms.map(({ appid }) => appid).join(", ")}.`,
        zh: `请指定平台：${platforms.map(({ appid }) => appid).join("、")}。`,
      },
      usageExit,
    )
  const caller = createCaller({
    baseUrl: "https://api.weixin.qq.com",
    ...wechat,
    clock: Date.now,
  })
  try {
    await apiStartPushTicket(caller, platform)
  } catch (error) {
    if (!(error instanceof WeChatError)) throw error
    const { remedy } = errcodeEntry(error.errcode ?? 0)
    throw new CliError({
      en: `${error.message}.${error.errcode === undefined ? "" : ` ${remedy.en}`}`,
      zh: `${error.message}。${error.errcode === undefined ? "" : remedy.zh}`,
    })
  } finally {
    await caller.close()
  }
  terminal.out(
    terminal.say({
      en: `WeChat pushes tickets to ${platform.appid}; the first comes within ten minutes.`,
      zh: `微信将向 ${platform.appid} 推送票据，第一个会在十分钟内到达。`,
    }),
  )
  return 0
}

/** The platforms of the configuration file, checked. @throws CliError if there are none, or one is wrong */
async function readPlatforms(invocation: Invocation) {
  const settings = await readSettings(invocation)
  const checked = checkServerSettings(settings, invocation.env)
  const problem = "options" in checked ? undefined : checked.find(({ setting }) => /platforms/.test(setting))
  if (problem !== undefined)
    throw new CliError({
      en: `${problem.setting}: ${problem.says.en}`,
      zh: `${problem.setting}：${problem.says.zh}`,
    })
  const { platforms = [], wechat } = settings.config as {
    readonly platforms?: readonly PlatformOptions[]
    readonly wechat?: { readonly baseUrl?: string; readonly timeoutMs?: number }
  }
  if (platforms.length === 0)
    throw new CliError({
      en: "There is no third-party platform in the configuration file: platforms: [{ appid, secret, push }].",
      zh: "配置文件中没有第三方平台：platforms: [{ appid, secret, push }]。",
    })
  return { platforms, wechat }
}

function isoTime(at: number | undefined): string | null {
  return at === undefined ? null : new Date(at).toISOString()
}
