import { array, boot, pointer, struct, uint8 } from "goheap";

//zh 少放几个字节的数据
//en holds fewer bytes of data
const Record = struct("Record", {
  next: pointer("Record"),
  data: array(1008, uint8),
});

const go = boot();
const { elemsize, header } = go.where(go.new(Record));
const { size, pointers } = Record;
table([{ size, pointers, elemsize, header }]);
