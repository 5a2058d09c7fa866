"""The same thing reported more than once: found 查重, joined 附议, merged 合并, and come back 复发."""
