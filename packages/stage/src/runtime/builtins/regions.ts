import type { Part } from "./builtin.ts"
import type { Choices } from "./picker-choices.ts"

interface Region {
  readonly name: string
  /** GB/T 2260. */
  readonly code: string
  readonly postcode?: string
  readonly inside?: readonly Region[]
}

/** Columns by `level`. */
const levels: Readonly<Record<string, number>> = { province: 1, city: 2, region: 3, "sub-district": 3 }

export function regionChoices(part: Part): Choices {
  const count = levels[part.get<string>("level")] ?? 3
  const custom = part.get<string>("customItem")
  /** The regions of each column; an empty code is the custom item's. */
  const lists = (chosen: readonly number[]) => {
    const columns: (readonly Region[])[] = []
    let list: readonly Region[] = country
    for (let column = 0; column < count; column += 1) {
      const shown = custom ? [{ name: custom, code: "" }, ...list] : list
      columns.push(shown)
      list = shown[chosen[column] ?? 0]?.inside ?? []
    }
    return columns
  }
  const value = part.get<unknown>("value")
  const names: readonly unknown[] = Array.isArray(value) ? value : []
  const chosen: number[] = []
  for (let column = 0; column < count; column += 1)
    chosen.push(Math.max(0, lists(chosen)[column]?.findIndex(({ name }) => name === names[column]) ?? 0))

  return {
    columns: chosen => lists(chosen).map(list => list.map(({ name }) => name)),
    chosen,
    result(chosen) {
      const regions = lists(chosen).flatMap((list, column) => list[chosen[column] ?? 0] ?? [])
      const value = regions.map(({ name }) => name)
      const code = regions.flatMap(({ code }) => code || [])
      const postcode = regions.findLast(region => region.postcode !== undefined)?.postcode
      return { detail: { value, code, ...(postcode !== undefined && { postcode }) }, value }
    },
  }
}

const region = (code: string, name: string, inside?: readonly Region[]): Region => ({
  code,
  name,
  ...(inside && { inside }),
})
const city = (code: string, name: string, postcode: string, inside: readonly Region[]): Region => ({
  code,
  name,
  postcode,
  inside,
})

/** A few, for trying things out: not all there are. */
const country: readonly Region[] = [
  region("110000", "北京市", [
    city("110100", "北京市", "100000", [
      region("110101", "东城区"),
      region("110102", "西城区"),
      region("110105", "朝阳区"),
      region("110108", "海淀区"),
    ]),
  ]),
  region("310000", "上海市", [
    city("310100", "上海市", "200000", [
      region("310101", "黄浦区"),
      region("310104", "徐汇区"),
      region("310106", "静安区"),
      region("310115", "浦东新区"),
    ]),
  ]),
  region("320000", "江苏省", [
    city("320100", "南京市", "210000", [region("320102", "玄武区"), region("320106", "鼓楼区")]),
    city("320500", "苏州市", "215000", [region("320505", "虎丘区"), region("320508", "姑苏区")]),
  ]),
  region("330000", "浙江省", [
    city("330100", "杭州市", "310000", [region("330106", "西湖区"), region("330108", "滨江区")]),
    city("330200", "宁波市", "315000", [region("330203", "海曙区"), region("330212", "鄞州区")]),
  ]),
  region("440000", "广东省", [
    city("440100", "广州市", "510000", [
      region("440104", "越秀区"),
      region("440105", "海珠区"),
      region("440106", "天河区"),
    ]),
    city("440300", "深圳市", "518000", [
      region("440303", "罗湖区"),
      region("440304", "福田区"),
      region("440305", "南山区"),
    ]),
  ]),
  region("510000", "四川省", [
    city("510100", "成都市", "610000", [
      region("510104", "锦江区"),
      region("510105", "青羊区"),
      region("510107", "武侯区"),
    ]),
  ]),
]
