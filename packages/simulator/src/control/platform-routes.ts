import type { AuthorizeSettings, PlatformName } from "../platform/platform.ts"
import type { Body, ControlRoute } from "./control-route.ts"

/** What is steered about third-party platforms. */
export const platformRoutes: readonly ControlRoute[] = [
  {
    method: "POST",
    name: "platforms",
    does: "adds a third-party platform, or changes it; with a url its tickets and authorisations are pushed there",
    example:
      '{"appid":"wxsimplatform00001","url":"http://127.0.0.1:3000/wechat/platform/wxsimplatform00001"}',
    run: (simulator, body) => {
      const { appid, secret, token, encodingAesKey, url, rotateRefreshTokens } = body
      return {
        platform: simulator.addPlatform({
          ...texts({ appid, secret, token, encodingAesKey, url }),
          ...(rotateRefreshTokens === undefined ? {} : { rotateRefreshTokens: rotateRefreshTokens === true }),
        }),
      }
    },
  },
  {
    method: "GET",
    name: "platforms",
    does: "the platforms with their secrets, and which mini programs have authorised them",
    example: "(no body)",
    run: simulator => ({ platforms: simulator.state().platforms }),
  },
  {
    method: "POST",
    name: "platform-ticket",
    does: "pushes a new component_verify_ticket, as WeChat does every ten minutes",
    example: '{"platform":"wxsimplatform00001"}',
    run: (simulator, body) => {
      void simulator.pushTicket(platformName(body))
      return { pushing: true }
    },
  },
  {
    method: "POST",
    name: "platform-authorize",
    does: "what an administrator does on the authorisation page (which has a pre_auth_code in its address: say it to have it checked); answers the auth_code that the page hands on, and pushes the event",
    example: '{"platform":"wxsimplatform00001","appid":"wxsim0000000000001"}',
    run: (simulator, body) => {
      const { authorizationCode, expiresIn } = simulator.authorize(authorizeSettings(body))
      return { auth_code: authorizationCode, expires_in: expiresIn }
    },
  },
  {
    method: "POST",
    name: "platform-unauthorize",
    does: "withdraws the authorisation of a mini program, and pushes the event",
    example: '{"platform":"wxsimplatform00001","appid":"wxsim0000000000001"}',
    run: (simulator, body) => {
      void simulator.unauthorize(authorizeSettings(body))
      return { unauthorized: true }
    },
  },
]

function platformName({ platform, waitMs, pauseMs }: Body): PlatformName {
  for (const [name, value] of Object.entries({ waitMs, pauseMs }))
    if (value !== undefined && !(Number.isSafeInteger(value) && Number(value) >= 1))
      throw new TypeError(`${name} must be a whole number of milliseconds`)
  return {
    ...texts({ platform }),
    ...(waitMs === undefined ? {} : { waitMs: Number(waitMs) }),
    ...(pauseMs === undefined ? {} : { pauseMs: Number(pauseMs) }),
  }
}

function authorizeSettings(body: Body): AuthorizeSettings {
  const { appid, pre_auth_code: preAuthCode, push } = body
  if (typeof appid !== "string") throw new TypeError("appid must be a text: which mini program")
  return {
    ...platformName(body),
    appid,
    ...texts({ preAuthCode }),
    ...(push === undefined ? {} : { push: push === true }),
  }
}

/** Those that are given; @throws TypeError if one is no text */
function texts<Name extends string>(values: Readonly<Record<Name, unknown>>): { [Key in Name]?: string } {
  const given: { [Key in Name]?: string } = {}
  for (const [name, value] of Object.entries(values) as [Name, unknown][]) {
    if (value === undefined) continue
    if (typeof value !== "string") throw new TypeError(`${name} must be a text`)
    given[name] = value
  }
  return given
}
