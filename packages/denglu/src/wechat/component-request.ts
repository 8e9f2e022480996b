import type { WeChatRequest } from "./caller.ts"

/** What a third-party platform shows WeChat to prove that it is itself. */
export interface PlatformCredentials {
  readonly appid: string
  readonly secret: string
  /** How the platform's token is named in the URL. */
  readonly tokenParameter: TokenParameter
}

/**
 * WeChat's older pages and every SDK say `component_access_token`, its newer pages of some endpoints `access_token`. Which of them are taken
 * by both names is not documented.
 */
export type TokenParameter = "component_access_token" | "access_token"

/** `POST /cgi-bin/component/<name>` with the platform's appid, and its token in the URL. What WeChat is too busy for may be sent again. */
export function componentRequest(
  name: string,
  { appid, tokenParameter }: PlatformCredentials,
  token: string,
  json: object = {},
): WeChatRequest {
  return {
    endpoint: name,
    method: "POST",
    path: `/cgi-bin/component/${name}`,
    query: { [tokenParameter]: token },
    json: { component_appid: appid, ...json },
    retry: "busy",
  }
}

/** The longest text that WeChat gives a platform: tickets, codes and tokens. */
const longest = 1_024

/** Whether it is a text WeChat may have given a platform. */
export function isPlatformText(value: unknown): value is string {
  return typeof value === "string" && value.length > 0 && value.length <= longest
}
