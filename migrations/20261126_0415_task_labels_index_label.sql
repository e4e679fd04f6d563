CREATE INDEX task_labels_label ON task_labels (label_id, task_id)
