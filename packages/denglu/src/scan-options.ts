import { whole } from "./option-checks.ts"

/** Logins in a browser by scanning a mini program code with WeChat. */
export interface ScanOptions {
  /** Your site's name, as the person reads it on the phone before they confirm. Up to 40 characters. */
  readonly siteName: string
  /** The mini program that the code opens. May be left out where there is only one. */
  readonly appid?: string
  /** The page that asks the person, without leading slash. Default is `"pages/scan/scan"`. */
  readonly page?: string
  /** Which version of the mini program the code opens. Default is `"release"`; in the others the page need not be published. */
  readonly envVersion?: "release" | "trial" | "develop"
  /** How long a code is good, in seconds, 30 to 600. Default is 180 (3 minutes). */
  readonly lifetime?: number
  /** How long a session that was opened by scanning lives at most, in seconds. Default is 604,800 (7 days). */
  readonly sessionLifetime?: number
  /**
   * Says roughly where an address is, such as `"Shenzhen"`, for the person to read; has a second. Up to 64 characters count. Default:
   * nothing is said.
   */
  readonly place?: (address: string) => string | undefined | Promise<string | undefined>
}

/** The options of logins by scanning, checked. */
export interface SettledScan extends Required<Omit<ScanOptions, "place">> {
  readonly place: NonNullable<ScanOptions["place"]>
}

/** @throws TypeError that names the option and says what to write */
export function settleScan(
  options: ScanOptions | undefined,
  appids: readonly string[],
): SettledScan | undefined {
  if (options === undefined) return undefined
  const { siteName, page = "pages/scan/scan", envVersion = "release", place = () => undefined } = options
  if (typeof siteName !== "string" || siteName.trim() === "" || siteName.length > 40)
    throw new TypeError(
      "scan.siteName must be a text of 1 to 40 characters: your site's name, as people know it",
    )
  const [only, another] = appids
  const appid = options.appid ?? (another === undefined ? only : undefined)
  if (appid === undefined)
    throw new TypeError("scan.appid is missing: say which of the mini programs in apps the code opens")
  if (!appids.includes(appid)) throw new TypeError(`scan.appid ${appid} is not in apps`)
  if (typeof page !== "string" || !/^[\w-]+(\/[\w-]+)*$/.test(page) || page.length > 128)
    throw new TypeError('scan.page must look like "pages/scan/scan": no leading slash, no query')
  if (!["release", "trial", "develop"].includes(envVersion))
    throw new TypeError('scan.envVersion must be "release", "trial" or "develop"')
  if (typeof place !== "function") throw new TypeError("scan.place must be a function of an address")
  return {
    siteName,
    appid,
    page,
    envVersion,
    place,
    lifetime: whole("scan.lifetime", options.lifetime ?? 180, 30, 600),
    sessionLifetime: whole("scan.sessionLifetime", options.sessionLifetime ?? 604_800, 300, 15_552_000),
  }
}
