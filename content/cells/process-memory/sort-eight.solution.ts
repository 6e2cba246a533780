//zh 全局变量在 data 和 bss，只有 make 出来的数组在堆上
//en globals lie in data and bss, the array of make on the heap
const places = {
  "&limit": "data",
  "&table": "bss",
  "&names[0]": "data",
  "unsafe.StringData(names[0])": "rodata",
  "&cache": "bss",
  "&cache[0]": "heap",
  helper: "text",
  p: "stack",
};
table(Object.entries(places));
