import type { OpenedPage } from "./opened-page.ts"

/** Why pages throw, in both languages, and what their exceptions say then. The first that fits counts. */
export interface Cause {
  readonly en: string
  readonly zh: string
  readonly says: RegExp
}

const causes: readonly Cause[] = [
  {
    en: "augmented reality (VisionKit, three.js)",
    zh: "增强现实（VisionKit、three.js）",
    says: /threejs|createVKSession|isVKSupport/,
  },
  { en: "3D by XR-Frame", zh: "XR-Frame 三维", says: /xrframe|XrFrame/i },
  {
    en: "Skyline's worklets and routes",
    zh: "Skyline 的 worklet 与自定义路由",
    says: /worklet|[bB]ezier|[aA]nimatedStyle|setting 'value'|getPageId/,
  },
  {
    en: "canvas",
    zh: "画布",
    says: /[cC]anvas|\.node is not a function|getContext|createContext|createWorker/,
  },
  { en: "WeChat's cloud", zh: "微信云开发", says: /wx\.cloud\./ },
  {
    en: "sound, film, camera",
    zh: "音频、视频、相机",
    says: /Video|Camera|Live|InnerAudio|BackgroundAudio|Recorder/,
  },
  {
    en: "sensors, Bluetooth and the local network",
    zh: "传感器、蓝牙与局域网",
    says: /Compass|Brightness|BLE|Bluetooth|LocalService|Accelerometer|Location/,
  },
  { en: "group chats, advertisements, experiments", zh: "群聊、广告、实验", says: /Chat|Ad\b|Expt/ },
  {
    en: "the mini program's own server was not there",
    zh: "小程序自己的服务器不在",
    says: /request:fail|no network/,
  },
  { en: "a module that is not in the repository", zh: "仓库里没有的模块", says: /module ".*" is not there/ },
  { en: "another API that is not simulated", zh: "其他未模拟的接口", says: /not simulated/ },
]

const other: Cause = { en: "something else", zh: "其他", says: /^/ }

/** The pages that threw, by cause, the most frequent first; with the exceptions, so that "something else" can be read. */
export interface CauseCount {
  readonly en: string
  readonly zh: string
  readonly pages: number
  readonly thrown: readonly string[]
}

export function countCauses(pages: readonly OpenedPage[]): CauseCount[] {
  const counts = new Map<Cause, { pages: number; thrown: Set<string> }>()
  for (const { thrown } of pages) {
    const [first] = thrown
    if (first === undefined) continue
    const cause = causes.find(({ says }) => thrown.some(text => says.test(text))) ?? other
    const count = counts.get(cause) ?? { pages: 0, thrown: new Set() }
    count.pages += 1
    count.thrown.add(first)
    counts.set(cause, count)
  }
  return [...counts]
    .map(([{ en, zh }, { pages, thrown }]) => ({ en, zh, pages, thrown: [...thrown].sort() }))
    .sort((one, another) => another.pages - one.pages)
}
