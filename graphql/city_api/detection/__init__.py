"""Detection 图像识别: advice before a report, and what each class may do now."""
