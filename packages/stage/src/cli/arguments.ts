import { parseArgs } from "node:util"
import { isLoopback } from "../server/loopback.ts"
import { type Bilingual, languageOf } from "./language.ts"

/** What was asked for. */
export interface Arguments {
  readonly folder: string
  readonly port: number
  readonly user: string
  /** An address, `own`, or nothing said. */
  readonly wechat: string | undefined
  readonly origins: readonly string[]
  readonly mode: "run" | "check" | "help" | "version"
}

/** The command was called wrongly. */
export class UsageError extends Error {
  constructor(says: Bilingual) {
    super(says[languageOf(process.env)])
  }
}

/** @throws UsageError */
export function readArguments(words: readonly string[]): Arguments {
  const { values, positionals } = parsed(words)
  const [folder = ".", ...more] = positionals
  if (more.length > 0)
    throw new UsageError({
      en: `One folder at a time, not also ${more.join(" ")}.`,
      zh: `一次只能打开一个目录，多出了：${more.join(" ")}。`,
    })
  return {
    folder,
    port: portOf(values.port),
    user: userOf(values.user),
    wechat: values.wechat === undefined ? undefined : wechatOf(values.wechat),
    origins: values.allow.map(originOf),
    mode: values.help ? "help" : values.version ? "version" : values.check ? "check" : "run",
  }
}

function parsed(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        port: { type: "string", default: "3002" },
        user: { type: "string", default: "alice" },
        wechat: { type: "string" },
        allow: { type: "string", multiple: true, default: [] as string[] },
        check: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
        version: { type: "boolean", short: "v", default: false },
      },
    })
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    throw new UsageError({
      en: `${message}\ndenglu-stage --help says what there is.`,
      zh: `${message}\n用 denglu-stage --help 查看全部选项。`,
    })
  }
}

function portOf(text: string): number {
  const port = Number(text)
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port
  throw new UsageError({
    en: `--port takes a number from 0 to 65535, not ${JSON.stringify(text)}.`,
    zh: `--port 应为 0 到 65535 的数字，而不是 ${JSON.stringify(text)}。`,
  })
}

function userOf(text: string): string {
  if (text !== "" && text.length <= 200) return text
  throw new UsageError({
    en: "--user takes a name of 1 to 200 characters.",
    zh: "--user 应为 1 到 200 个字符的名字。",
  })
}

function wechatOf(text: string): string {
  if (text === "own") return text
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol === "http:" && isLoopback(url.hostname)) return url.origin
  throw new UsageError({
    en: `--wechat takes "own" or the address of a simulated WeChat on this machine, as http://127.0.0.1:3001, not ${JSON.stringify(text)}.`,
    zh: `--wechat 应为 own，或本机模拟微信的地址，例如 http://127.0.0.1:3001，而不是 ${JSON.stringify(text)}。`,
  })
}

function originOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url !== undefined && /^https?:$/.test(url.protocol)) return url.origin
  throw new UsageError({
    en: `--allow takes an origin such as https://api.example.com, not ${JSON.stringify(text)}.`,
    zh: `--allow 应为源，例如 https://api.example.com，而不是 ${JSON.stringify(text)}。`,
  })
}
