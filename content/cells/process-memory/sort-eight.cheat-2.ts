//zh 以为带 & 的都在堆上
//en takes & to mean the heap
const places = {
  "&limit": "data",
  "&table": "bss",
  "&names[0]": "data",
  "unsafe.StringData(names[0])": "rodata",
  "&cache": "bss",
  "&cache[0]": "heap",
  helper: "text",
  p: "heap",
};
table(Object.entries(places));
