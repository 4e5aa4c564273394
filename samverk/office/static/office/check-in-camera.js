// The buttons around the camera.
import { allowSound } from "./check-in-said.js";
import { openCamera } from "./qr-camera.js";

const box = document.getElementById("camera");
const part = (name) => box.querySelector(`[data-${name}]`);

export const offerCamera = (reader, words, found) => {
  if (!navigator.mediaDevices?.getUserMedia) return;
  let camera = null;
  let lit = false;
  const show = (isOn) => {
    box.toggleAttribute("data-on", isOn);
    part("open").hidden = isOn;
    part("shut").hidden = !isOn;
    part("torch").hidden = !isOn || !camera?.light;
  };
  part("open").addEventListener("click", async () => {
    allowSound();
    part("fault").hidden = true;
    box.toggleAttribute("data-on", true);
    try {
      camera = await openCamera(box.querySelector("video"), reader, found);
      navigator.wakeLock?.request("screen").catch(() => {});
      show(true);
    } catch (fault) {
      show(false);
      part("fault").textContent = fault.name?.match(/NotAllowed|NotFound|NotReadable|Overconstrained|Abort|Security/) ? words.nocamera : words.unread;
      part("fault").hidden = false;
    }
  });
  part("shut").addEventListener("click", () => {
    camera?.shut();
    show(false);
    part("open").focus();
  });
  part("torch").addEventListener("click", () => camera?.light?.((lit = !lit)));
  box.hidden = false;
};
