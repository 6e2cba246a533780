import { array, boot, struct, uint8, uint32 } from "goheap";

//zh 所有记录放在一个切片里，用下标代替指针
//en all records in one slice, and an index instead of a pointer
const Record = struct("Record", {
  next: uint32,
  data: array(1020, uint8),
});

const go = boot();
const { elemsize, header } = go.where(go.new(Record));
const { size, pointers } = Record;
table([{ size, pointers, elemsize, header }]);
