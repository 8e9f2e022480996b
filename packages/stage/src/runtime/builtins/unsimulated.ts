import { builtin, type DefineBuiltin, type Property } from "./builtin.ts"

/** Components that need what a browser has not, with their properties, which are accepted. */
const properties: Readonly<Record<string, string>> = {
  ad: "unitId adIntervals adType adTheme",
  "ad-custom": "unitId adIntervals",
  audio: "src loop controls poster name author",
  camera: "mode resolution devicePosition flash frameSize",
  canvas: "type canvasId disableScroll",
  "channel-live": "feedId finderUserName",
  "channel-video": "feedId finderUserName feedToken autoplay loop muted objectFit",
  editor: "readOnly placeholder showImgSize showImgToolbar showImgResize",
  "functional-page-navigator": "version name args",
  "live-player":
    "src mode autoplay muted orientation objectFit backgroundMute minCache maxCache soundMode autoPauseIfNavigate autoPauseIfOpenNative pictureInPictureMode",
  "live-pusher":
    "url mode autopush muted enableCamera autoFocus orientation beauty whiteness aspect minBitrate maxBitrate audioQuality waitingImage waitingImageHash zoom devicePosition backgroundMute mirror remoteMirror localMirror audioReverbType enableMic enableAgc enableAns audioVolumeType",
  map: "longitude latitude scale minScale maxScale markers covers polyline circles controls includePoints showLocation polygons subkey layerStyle rotate skew enable3D showCompass showScale enableOverlooking enableZoom enableScroll enableRotate enableSatellite enableTraffic enablePoi enableBuilding setting",
  "official-account": "",
  "open-data": "type openGid lang defaultText defaultAvatar openid",
  "store-home": "appid",
  "store-product": "appid productId",
  video:
    "src duration controls danmuList danmuBtn enableDanmu autoplay loop muted initialTime pageGesture direction showProgress showFullscreenBtn showPlayBtn showCenterPlayBtn enableProgressGesture objectFit poster showMuteBtn title playBtnPosition enablePlayGesture autoPauseIfNavigate autoPauseIfOpenNative vslideGesture vslideGestureInFullscreen adUnitId posterForCrawler showCastingButton pictureInPictureMode pictureInPictureShowProgress enableAutoRotation showScreenLockButton showSnapshotButton",
  "voip-room": "openid mode devicePosition objectFit",
  "web-view": "src",
  "xr-frame": "",
  "xr-scene": "renderSystem",
}

/** They say what they are instead of being it; what is in them is shown. */
export const unsimulated: Readonly<Record<string, DefineBuiltin>> = Object.fromEntries(
  Object.entries(properties).map(([name, accepted]) => [name, saysNotSimulated(name, accepted)]),
)

function saysNotSimulated(name: string, accepted: string): DefineBuiltin {
  const names = accepted.split(" ").filter(Boolean)
  return builtin(name, {
    properties: Object.fromEntries(names.map(property => [property, { type: null } satisfies Property])),
    setup({ host }) {
      const note = document.createElement("span")
      note.className = "stage-unsimulated"
      note.textContent = `not simulated: ${name}`
      host.prepend(note)
    },
  })
}

const tags = Object.keys(properties).map(name => `wx-${name}`)

export const unsimulatedStyle = `
:is(${tags.join(", ")}) { display: block; position: relative; box-sizing: border-box; min-height: 40px; overflow: hidden; background: var(--tint); }
wx-canvas, wx-video { width: 300px; height: 150px; }
wx-video { height: 225px; }
wx-open-data, wx-audio { display: inline-block; min-height: 0; }
wx-web-view { min-height: 100%; }
.stage-unsimulated { display: block; padding: 10px; color: #888; font-size: 13px; text-align: center; }
`
