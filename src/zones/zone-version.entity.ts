import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('zone_versions')
export class ZoneVersionEntity {
  @PrimaryColumn('integer') version!: number;
  @Column('text') note!: string;
  @Column('timestamptz') publishedAt!: Date;
  @Column('text') publishedBy!: string;
}
