import type { Bilingual } from "../http/problem-entry.ts"
import { problemTable } from "../http/problem-table.ts"
import { errcodeEntry } from "../wechat/errcodes.ts"
import type { WeChatError } from "../wechat/wechat-error.ts"

const reach: Bilingual = {
  en: "This machine must reach https://api.weixin.qq.com: check that outgoing https is allowed (firewall, security group), the proxy, and DNS; curl -I https://api.weixin.qq.com shows whether it does.",
  zh: "本机需要能访问 https://api.weixin.qq.com：请检查出站 HTTPS（防火墙、安全组）、代理和 DNS；可用 curl -I https://api.weixin.qq.com 验证。",
}

const runDev: Bilingual = {
  en: "The simulated WeChat is there while `denglu dev` runs: run it in this folder, then ask again.",
  zh: "模拟微信只在 denglu dev 运行时可用：请先在此目录运行 denglu dev，再重新检查。",
}

/**
 * What an operator can do about a call to WeChat that failed. That of the table of problems is for who has a code.
 *
 * @param isDev whether WeChat is the simulated one of `denglu dev`
 */
export function operatorRemedy({ code, errcode, endpoint }: WeChatError, isDev: boolean): Bilingual {
  if (errcode !== undefined) return errcodeEntry(errcode, endpoint).remedy
  if (code === "wechat_unreachable") return isDev ? runDev : reach
  return problemTable[code].remedy
}
