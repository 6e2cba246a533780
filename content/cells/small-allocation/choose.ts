import { array, boot, pointer, uint8 } from "goheap";

const sizes = [0, 8, 16, 512, 520, 32760, 32768];
const size = input.choice("size", sizes, 512, {
  label: { zh: "字节", en: "bytes" },
});
const pointers = input.toggle("pointers", false, {
  label: { zh: "含指针", en: "with pointers" },
});
//zh 一个指针 8 字节
//en a pointer has 8 bytes
const ofPointers = array(size / 8, pointer(uint8));
const T = pointers ? ofPointers : array(size, uint8);

const go = boot();
const { path, elemsize } = go.where(go.new(T));
show.paths([{ size, pointers, path, slot: elemsize }]);
