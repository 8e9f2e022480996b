/** How the mini program was opened. */
export interface LaunchOptions {
  /** Of the page, without a slash in front. */
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  /** WeChat's number for where from: 1001 is the list of mini programs. */
  readonly scene: number
  readonly referrerInfo: object
  readonly forwardMaterials: readonly object[]
  readonly apiCategory: "default"
  readonly shareTicket?: string
}

export type LaunchSettings = Partial<
  Pick<LaunchOptions, "path" | "query" | "scene" | "referrerInfo" | "shareTicket">
>

export interface LaunchOptionsApi {
  getLaunchOptionsSync(): LaunchOptions
  /** The same: it is opened once. */
  getEnterOptionsSync(): LaunchOptions
}

export function createLaunchOptionsApi(launch: LaunchSettings): LaunchOptionsApi {
  const options = (): LaunchOptions => ({
    path: "",
    scene: 1001,
    forwardMaterials: [],
    apiCategory: "default",
    ...launch,
    query: { ...launch.query },
    referrerInfo: { ...launch.referrerInfo },
  })
  return { getLaunchOptionsSync: options, getEnterOptionsSync: options }
}
