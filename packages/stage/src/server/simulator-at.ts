import type { WxBackend } from "@denglu/simulator/wx"

/** How long (ms) a simulated WeChat on this machine may take to answer. */
const deadlineMs = 5_000
/** How long (ms) it is looked for. */
const lookMs = 500

/**
 * A simulated WeChat that runs elsewhere on this machine, by its control routes.
 * @param address as `http://127.0.0.1:3001`
 */
export function simulatorAt(address: string): Required<Omit<WxBackend, "state">> {
  async function ask<Answer>(route: string, body: object): Promise<Answer> {
    const response = await fetch(`${address}/__simulator__/${route}`, {
      method: "POST",
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(deadlineMs),
    }).catch(() => {
      throw new Error(`the simulated WeChat at ${address} does not answer`)
    })
    if (!response.ok) throw new Error(`the simulated WeChat at ${address} answered ${response.status}`)
    return (await response.json()) as Answer
  }
  return {
    issueCode: async person => (await ask<{ code: string }>("code", person)).code,
    issuePhoneCode: async person => (await ask<{ code: string }>("phone-code", person)).code,
    hasPhoneQuota: async person => (await ask<{ has_quota: boolean }>("phone-quota", person)).has_quota,
    encryptData: person => ask("encrypt", person),
    userKey: person => ask("user-key", person),
  }
}

/** Whether a simulated WeChat answers there. */
export async function isSimulator(address: string): Promise<boolean> {
  try {
    const response = await fetch(`${address}/__simulator__/`, { signal: AbortSignal.timeout(lookMs) })
    return Array.isArray(((await response.json()) as { routes?: unknown }).routes)
  } catch {
    return false
  }
}
