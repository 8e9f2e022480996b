import type { SmsOptions } from "../sms-options.ts"
import type { SendSms } from "../sms-senders/sender.ts"
import { CliError } from "./cli-error.ts"
import type { Environment } from "./command.ts"

/** The environment variables of SMS: without the first there is none of it. */
export const smsVariables = {
  provider: "DENGLU_SMS",
  countries: "DENGLU_SMS_COUNTRIES",
  keyId: "SMS_KEY_ID",
  keySecret: "SMS_KEY_SECRET",
  appId: "SMS_APP_ID",
  signName: "SMS_SIGN_NAME",
  template: "SMS_TEMPLATE",
} as const

type Given = Readonly<Record<Exclude<keyof typeof smsVariables, "provider" | "countries">, string>>

interface Provider {
  readonly sdk: string
  readonly needs: readonly (keyof Given)[]
  readonly make: (given: Given) => Promise<SendSms>
}

const providers: Readonly<Record<string, Provider>> = {
  tencent: {
    sdk: "tencentcloud-sdk-nodejs-sms",
    needs: ["keyId", "keySecret", "appId", "signName", "template"],
    async make({ keyId: secretId, keySecret: secretKey, ...rest }) {
      return (await import("../sms-senders/tencent-sender.ts")).tencentSender({
        secretId,
        secretKey,
        ...rest,
      })
    },
  },
  aliyun: {
    sdk: "@alicloud/dysmsapi20170525",
    needs: ["keyId", "keySecret", "signName", "template"],
    async make({ keyId: accessKeyId, keySecret: accessKeySecret, signName, template }) {
      const { aliyunSender } = await import("../sms-senders/aliyun-sender.ts")
      return aliyunSender({ accessKeyId, accessKeySecret, signName, template })
    },
  },
}

/**
 * What the environment says of SMS, over what the configuration file says of it.
 *
 * @throws CliError that names what is missing, or the package to install
 */
export async function smsFrom(
  env: Environment,
  file: Partial<SmsOptions> | undefined,
): Promise<Partial<SmsOptions> | undefined> {
  const read = (variable: string) => env[variable]?.trim() ?? ""
  const countries = read(smsVariables.countries)
    .split(/[\s,]+/)
    .filter(code => code !== "")
  const name = read(smsVariables.provider)
  if (name === "") return file
  const provider = providers[name]
  if (provider === undefined)
    throw new CliError({
      en: `${smsVariables.provider} may be tencent or aliyun.`,
      zh: `${smsVariables.provider} 应为 tencent 或 aliyun。`,
    })
  const { keyId, keySecret, appId, signName, template } = smsVariables
  const given: Given = {
    keyId: read(keyId),
    keySecret: read(keySecret),
    appId: read(appId),
    signName: read(signName),
    template: read(template),
  }
  const missing = provider.needs.filter(need => given[need] === "").map(need => smsVariables[need])
  if (missing.length > 0)
    throw new CliError({
      en: `${smsVariables.provider}=${name} needs ${missing.join(", ")} too: see denglu start --help.`,
      zh: `${smsVariables.provider}=${name} 还需要 ${missing.join("、")}，见 denglu start --help。`,
    })
  const send = await provider.make(given).catch((error: unknown) => {
    if (!/MODULE_NOT_FOUND$/.test(String((error as { readonly code?: unknown }).code))) throw error
    throw new CliError({
      en: `${smsVariables.provider}=${name} needs a package that is not installed: npm install ${provider.sdk}`,
      zh: `${smsVariables.provider}=${name} 需要安装：npm install ${provider.sdk}`,
    })
  })
  return { ...file, send, ...(countries.length > 0 && { countries }) }
}
