/** A native mini program, compiled: plain data, made on the dev server, run in the page. */
export interface Program {
  readonly app: AppConfig
  /** By path without extension, as `pages/index/index` or `miniprogram_npm/weui/cell/cell`: pages and components. */
  readonly components: Readonly<Record<string, ComponentSource>>
  /** JavaScript: an expression whose value maps a path without `.wxml` to what makes its template. */
  readonly templates: string
  /** CommonJS by path, as `app.js`: bodies of `function (require, module, exports)`. */
  readonly modules: Readonly<Record<string, string>>
  /** CSS of app.wxss; `null` if there is none. */
  readonly appStyle: string | null
  readonly problems: readonly CompileProblem[]
}

/** app.json, pages of subpackages listed with the others. */
export interface AppConfig {
  readonly pages: readonly string[]
  /** The page that opens first. */
  readonly entryPage: string
  readonly window: WindowConfig
  readonly tabBar: TabBarConfig | null
  /** Of project.config.json. */
  readonly appid: string | null
  /** What else app.json says. */
  readonly rest: Readonly<Record<string, unknown>>
}

/** WeChat's own names, in app.json's `window` and in a page's JSON. */
export interface WindowConfig {
  readonly navigationBarTitleText?: string
  readonly navigationBarBackgroundColor?: string
  readonly navigationBarTextStyle?: "black" | "white"
  readonly navigationStyle?: "default" | "custom"
  readonly backgroundColor?: string
  readonly backgroundTextStyle?: "dark" | "light"
  readonly enablePullDownRefresh?: boolean
  readonly onReachBottomDistance?: number
}

export interface TabBarConfig {
  readonly color: string
  readonly selectedColor: string
  readonly backgroundColor: string
  readonly borderStyle: "black" | "white"
  /** A component of the mini program draws it: `custom-tab-bar/index`. */
  readonly custom: boolean
  readonly list: readonly TabConfig[]
}

export interface TabConfig {
  readonly pagePath: string
  readonly text: string
  /** Paths from the root, without a slash in front. */
  readonly iconPath?: string
  readonly selectedIconPath?: string
}

export interface ComponentSource {
  /** The module to run for it; `null` if there is no script. */
  readonly module: string | null
  /** Its JSON file, `usingComponents` with app.json's joined in and every value a path of `components`. */
  readonly json: ComponentJson
  /** CSS; `null` if there is none. */
  readonly style: string | null
  /** What stands before `--` in its class names; `null` where it shares the app's. */
  readonly styleScope: string | null
}

export interface ComponentJson extends WindowConfig {
  readonly component?: boolean
  readonly usingComponents: Readonly<Record<string, string>>
  readonly componentGenerics?: Readonly<Record<string, unknown>>
  readonly componentPlaceholder?: Readonly<Record<string, string>>
  readonly styleIsolation?: string
  readonly addGlobalClass?: boolean
  readonly pureDataPattern?: string
  readonly disableScroll?: boolean
}

export interface CompileProblem {
  readonly level: "error" | "warning"
  /** From the mini program's root. */
  readonly path: string
  readonly message: string
  /** From 1. */
  readonly line?: number
  /** From 1. */
  readonly column?: number
  readonly excerpt?: Excerpt
}

/** A line of a source, or what is around the place in a long one. */
export interface Excerpt {
  /** What stands before the place. */
  readonly before: string
  readonly after: string
}
