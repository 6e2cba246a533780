import { array, boot, struct, uint8 } from "goheap";

//zh 下标只有一个字节
//en an index of one byte
const Record = struct("Record", {
  next: uint8,
  data: array(1023, uint8),
});

const go = boot();
const { elemsize, header } = go.where(go.new(Record));
const { size, pointers } = Record;
table([{ size, pointers, elemsize, header }]);
