// Reads QR codes from the camera: by the browser where it can, else by a reader that is fetched only then.
const WIDEST = 960;
const PAUSE = 150;
// The same ticket before the camera is one scan.
const SAME = 4000;

const readerOfBrowser = async () => {
  const formats = await globalThis.BarcodeDetector?.getSupportedFormats?.().catch(() => []);
  if (!formats?.includes("qr_code")) return null;
  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  return async (video) => (await detector.detect(video))[0]?.rawValue;
};

const readerOfOurs = async (address) => {
  const { decodeQR } = await import(address);
  const canvas = document.createElement("canvas");
  const drawing = canvas.getContext("2d", { willReadFrequently: true });
  return (video) => {
    const scale = Math.min(1, WIDEST / video.videoWidth);
    canvas.width = Math.round(video.videoWidth * scale);
    canvas.height = Math.round(video.videoHeight * scale);
    drawing.drawImage(video, 0, 0, canvas.width, canvas.height);
    try {
      return decodeQR(drawing.getImageData(0, 0, canvas.width, canvas.height));
    } catch {
      return null; // no code in this picture
    }
  };
};

export const neededFiles = async (address) =>
  (await readerOfBrowser()) ? [] : [address, new URL("./index.js", new URL(address, location.href)).pathname];

export const openCamera = async (video, address, found) => {
  const wanted = { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } };
  const stream = await navigator.mediaDevices.getUserMedia({ video: wanted, audio: false });
  const track = stream.getVideoTracks()[0];
  let open = true;
  let last = { text: "", at: 0 };
  const shut = () => {
    open = false;
    track.stop();
    video.srcObject = null;
  };
  try {
    video.srcObject = stream;
    await video.play();
    const read = (await readerOfBrowser()) ?? (await readerOfOurs(address));
    const look = async () => {
      if (!open) return;
      const text = video.videoWidth && !document.hidden ? await Promise.resolve(read(video)).catch(() => null) : null;
      const now = Date.now();
      if (text && (text !== last.text || now - last.at > SAME)) found(text);
      if (text) last = { text, at: now };
      setTimeout(look, PAUSE);
    };
    look();
  } catch (fault) {
    shut();
    throw fault;
  }
  const light = track.getCapabilities?.().torch ? (on) => track.applyConstraints({ advanced: [{ torch: on }] }) : null;
  return { shut, light };
};
