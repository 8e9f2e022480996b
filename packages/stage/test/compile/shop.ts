import type { Files } from "./write-project.ts"

/** A small mini program with a bit of everything, and no mistake. */
export const shop: Files = {
  "project.config.json": '{ "appid": "wx0123456789abcdef", "miniprogramRoot": "./miniprogram/" }',
  "node_modules/@lib/kit/package.json": '{ "name": "@lib/kit", "miniprogram": "built" }',
  "node_modules/@lib/kit/built/index.js": 'exports.kit = require("./inner").inner\n',
  "node_modules/@lib/kit/built/inner.js": 'exports.inner = "kit"\n',
  "node_modules/@lib/kit/built/button/index.json": '{ "component": true }',
  "node_modules/@lib/kit/built/button/index.wxml": "<button><slot/></button>\n",
  "node_modules/@lib/kit/built/button/index.js": "Component({ externalClasses: ['custom-class'] })\n",
  "node_modules/@lib/kit/built/button/index.wxss": ".kit-button { height: 88rpx }\n",
  "miniprogram/app.json": `{
  // WeChat's tools let comments pass
  "pages": ["pages/home/home"],
  "subPackages": [{ "root": "goods/", "pages": ["list/list"], }],
  "usingComponents": { "kit-button": "@lib/kit/button/index" },
  "window": { "navigationBarTitleText": "Shop", "navigationBarBackgroundColor": "@bar" },
  "themeLocation": "theme.json",
  "tabBar": { "list": [
    { "pagePath": "pages/home/home", "text": "Home", "iconPath": "/images/home.png" },
    { "pagePath": "goods/list/list", "text": "Goods" },
  ] },
  "lazyCodeLoading": "requiredComponents",
}`,
  "miniprogram/theme.json": '{ "light": { "bar": "#ffffff" }, "dark": { "bar": "#000000" } }',
  "miniprogram/images/home.png": "png",
  "miniprogram/app.ts": 'import { name } from "./name"\nApp({ name })\n',
  "miniprogram/app.wxss": '@import "styles/base.wxss";\npage { font-size: 28rpx }\n',
  "miniprogram/styles/base.wxss": ".row { padding: 10rpx }\n",
  "miniprogram/name.ts": 'export const name: string = "shop"\n',
  "miniprogram/pages/home/home.ts": `import { kit } from "@lib/kit"
import type { Goods } from "../../goods/list/list"
import { name } from "../../name.ts"

const goods: Goods | null = null
Page({ data: { name, kit, goods } })
`,
  "miniprogram/pages/home/home.json": `{
  "component": true,
  "navigationBarTitleText": "Home",
  "usingComponents": { "price-tag": "../../components/price-tag/price-tag" }
}`,
  "miniprogram/pages/home/home.wxml": `<import src="../../templates/row.wxml"/>
<wxs src="../../format.wxs" module="format"/>
<template is="row" data="{{name}}"/>
<include src="/templates/foot"/>
<price-tag cents="{{format.cents(12)}}"/>
`,
  "miniprogram/pages/home/home.wxss": ".row { margin: 0 20rpx }\n",
  "miniprogram/templates/row.wxml": '<template name="row"><view class="row">{{name}}</view></template>\n',
  "miniprogram/templates/foot.wxml": "<view>foot</view>\n",
  "miniprogram/format.wxs":
    'var digits = require("./digits.wxs")\nmodule.exports = { cents: digits.cents } // end',
  "miniprogram/digits.wxs":
    "module.exports = { cents: function (x) { return x.constructor === 'Number' ? x * 100 : 0 } }\n",
  "miniprogram/components/price-tag/price-tag.json": '{ "component": true }',
  "miniprogram/components/price-tag/price-tag.wxml": '<text class="tag">{{cents}}</text>\n',
  "miniprogram/components/price-tag/price-tag.js": "Component({ properties: { cents: Number } })\n",
  "miniprogram/components/price-tag/price-tag.wxss": ":host { display: block }\n.tag { color: red }\n",
  "miniprogram/goods/list/list.js": 'const data = require("../data.json")\nPage({ data })\n',
  "miniprogram/goods/list/list.wxml": "<kit-button>{{title}}</kit-button>\n",
  "miniprogram/goods/data.json": '{ "title": "Goods" }',
}
