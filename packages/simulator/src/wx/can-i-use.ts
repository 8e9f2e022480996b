/** What of components has to do with a `wx`; the rest is for whoever shows them. */
const components: ReadonlySet<string> = new Set([
  "button",
  "button.open-type",
  "button.open-type.getPhoneNumber",
  "button.open-type.chooseAvatar",
  "button.open-type.agreePrivacyAuthorization",
  "input",
  "input.type",
  "input.type.nickname",
])

export interface CanIUseApi {
  /** Whether the API, or the `component.attribute.option`, is simulated. Of an API's name what follows the first dot is not looked at. */
  canIUse(schema: string): boolean
}

export function createCanIUseApi(apis: readonly string[]): CanIUseApi {
  const known = new Set([...apis, "canIUse"])
  return {
    canIUse: schema => components.has(String(schema)) || known.has(String(schema).split(".")[0] ?? ""),
  }
}
