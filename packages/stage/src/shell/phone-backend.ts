/** What stands behind `wx`, asked of the server. @param base its address, without a slash at the end */
export function backendOf(base: string) {
  async function ask<Answer>(what: string, body: object = {}): Promise<Answer> {
    const response = await fetch(`${base}/${what}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    })
    if (!response.ok) throw new Error(await response.text())
    return (await response.json()) as Answer
  }
  return {
    issueCode: () => ask<string>("code"),
    issuePhoneCode: () => ask<string>("phone-code"),
    hasPhoneQuota: () => ask<boolean>("phone-quota"),
    checkSession: () => ask<boolean>("check-session"),
    userData: (profile?: object) => ask<UserData>("user-data", { profile }),
  }
}

interface UserData {
  readonly encryptedData: string
  readonly iv: string
  readonly rawData: string
  readonly signature: string
}
