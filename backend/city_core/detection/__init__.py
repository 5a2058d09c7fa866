"""What models see in photos 图像识别: finds, rules of each class, examples. Advice, never a verdict."""
